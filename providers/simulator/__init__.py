"""Providers that do not exist: they speak the public interface and answer a number the same way every time."""
