"""Workbooks as people keep them: opened with distrust, read row by row, never whole in memory."""
