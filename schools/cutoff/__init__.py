"""The gate of the school register: bundles, their files, and what is done with them."""
