import pg from "pg";

/**
 * Statements that create things take no bind parameters, so names and literals are quoted into
 * their text. Only names that this program derives and validated tenant ids come here.
 */
export const identifier = (name: string): string => pg.escapeIdentifier(name);
export const literal = (value: string): string => pg.escapeLiteral(value);
