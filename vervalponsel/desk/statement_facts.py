from collections.abc import Sequence

from sptjm.models import StatementLine


def statement_facts(claim_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """On which statement each claim stands, and why that one was returned, for the sentences of lists."""
    lines = StatementLine.objects.filter(entitlement__in=claim_ids).select_related("statement")
    return {
        line.entitlement_id: {
            "statement": line.statement.number,
            "reason": line.statement.get_return_code_display() if line.statement.return_code else "",
        }
        for line in lines
    }
