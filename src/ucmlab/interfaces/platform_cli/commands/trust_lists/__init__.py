"""`show itl`, `show ctl`, and the `utils ctl`, `utils itl` and `file delete` that change them. Source: 4."""
