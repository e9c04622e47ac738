"""What the reader of Folketinget's XML record is made of."""
