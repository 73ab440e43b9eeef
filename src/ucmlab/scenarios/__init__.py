"""Built-in clusters, one TOML file each, with their schema and loader."""
