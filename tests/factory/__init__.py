"""Real certificates, requests and clusters for tests: fixed seed, same keys every time, nothing drawn by chance."""
