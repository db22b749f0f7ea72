"""What the black-box tests are made of: real processes, real sockets, and no sleep that is not a poll."""
