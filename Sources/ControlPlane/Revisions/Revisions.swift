// Revisions
