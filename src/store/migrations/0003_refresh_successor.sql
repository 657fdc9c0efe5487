-- The token that was given for a spent one, as its hash: whether it was ever used decides if the spent one may be
-- brought again for a moment. Null for tokens spent before this column came, and for those revoked unused.
alter table refresh_tokens add column successor text;
