"""What looks at a program as a whole, once its statements are reduced."""
