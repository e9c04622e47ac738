"""What the reader of Rigsarkivet's delivery is made of: rows, volumes, sittings."""
