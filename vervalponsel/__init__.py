"""Composition of the application: settings, addresses, background work and the kernel that all parts share."""
