"""A small client of the providers' interface: ``python -m providers.client --help``. It needs nothing of the server."""

from .interface import Interface, Problem

__all__ = ["Interface", "Problem"]
