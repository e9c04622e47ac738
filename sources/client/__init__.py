"""Asking publishers over HTTP and FTP: paced, patient, resumable, and believing no promise unchecked."""
