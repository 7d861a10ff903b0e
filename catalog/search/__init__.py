"""Finding products: one document per listed product, kept in the writer's transaction; search, facets, sorting."""
