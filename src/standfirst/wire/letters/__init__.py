"""Letters made from stories: a feed that is posted. The mailroom sends them and knows no story."""
