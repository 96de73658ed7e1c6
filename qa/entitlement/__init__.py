"""What the asker's own figures come to under a clause: what is given, what is offered, how it is reckoned."""
