"""What goes on in a worker: arguments, kernels, values in and out. Decides no order."""
