-- With which role an action was done: roles change, the log of what was done does not (O5).
alter table audit_log add column role text;
