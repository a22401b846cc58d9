"""The only room that opens .xlsx files: definition to workbook, workbook to facts."""
