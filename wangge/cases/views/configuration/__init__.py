"""The system administrator's pages about the configuration."""
