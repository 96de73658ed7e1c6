"""What an official should look at in a document: one module a family of rules, one list of rows."""
