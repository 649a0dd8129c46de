-- Asks for the place of one call in all quotas of an account and takes it, in one go: who waits for the lock waits for
-- no network in between. Each statement here sees what was committed before it, also by whoever held the lock.
-- wants: [{"q": name, "most": n, "n": amount, "window": ms, "span": ms}] or, by the calendar, {…, "exact": "2026-11-24"}.
create function reserve_call(of_account text, wants json, hold_ms integer, out wall_ms double precision, out granted boolean)
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('quota ' || of_account, 0));
  wall_ms := extract(epoch from clock_timestamp()) * 1000;
  select bool_and(w.most - coalesce(u.used, 0) >= w.n) into granted
  from json_to_recordset(wants) as w(q text, most int, n int, "window" bigint, span bigint, exact text)
  cross join lateral (
    select sum(used.used) as used from quota_use used
    where used.account = of_account and used.quota = w.q and used.used > 0
      and used.span >= coalesce(w.exact, lpad(floor((wall_ms - w."window") / w.span - 1)::bigint::text, 14, '0'))
      and case when w.exact is null then (used.span::bigint + 1) * w.span + w."window" > wall_ms else used.span = w.exact end
  ) u;
  if granted then
    insert into quota_use as mine (account, quota, span, used)
    select of_account, w.q, coalesce(w.exact, lpad(floor((wall_ms + hold_ms) / w.span)::bigint::text, 14, '0')), w.n
    from json_to_recordset(wants) as w(q text, n int, span bigint, exact text)
    order by w.q
    on conflict (account, quota, span) do update set used = mine.used + excluded.used;
  end if;
end $$;
