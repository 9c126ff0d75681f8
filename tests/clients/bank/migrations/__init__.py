"""The application's tables: as they were first, and what was changed then."""
