"""What the source retsinformation is made of: visits, names, and LexDania."""
