"""问政策: the chat, and the cards that answers are shown on."""
