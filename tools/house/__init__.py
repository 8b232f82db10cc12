"""The lint rules of the house: what ruff and mypy cannot know about scoping, services, history, time and markup.

A line that must break a rule says which and why: `# house: rule-name - reason` (in a template `{# house: … #}`).
"""
