"""The search for copies: signatures, an index of them, and links that were verified on the texts themselves."""
