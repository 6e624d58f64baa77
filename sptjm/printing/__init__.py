"""The paper: a letter by WeasyPrint, the annex drawn by ReportLab, the marks on both, joined in one file."""
