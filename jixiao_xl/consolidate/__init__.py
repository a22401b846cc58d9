"""Many filings, one summary: pure arithmetic on facts."""
