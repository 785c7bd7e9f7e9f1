"""Brand: the identity kit. `read` a brand file, `derive` a neutral brand from what is known; `model` is the value."""
