"""The detectors of personal data, one module a kind; :mod:`cleaning.personal_data` puts them together."""
