"""The database: one file per table family, holding its rows and the moves they may make. No business decisions here."""
