"""Folketinget's open data: OData 3 by keyset, and the shapes asked of it."""
