"""What the reader of ADL is made of: TEI headers, works and their text."""
