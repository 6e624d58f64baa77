"""Everything that changes a statement: one transaction and one audit event each."""
