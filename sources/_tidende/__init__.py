"""What the reader of the printed record is made of: lines, tags, turns."""
