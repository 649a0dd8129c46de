-- A place may begin a little later than now: whoever has it waits for its moment after its transaction, so that reading
-- rows and rules costs no window its beginning. `start_ms` is the first moment at which the call fits into every quota,
-- by what is in use now; whatever is in use later only leaves earlier than is counted on here. Otherwise as before.
drop function reserve_call(text, json, integer);--> statement-breakpoint
create function reserve_call(of_account text, wants json, hold_ms integer, ahead_ms integer,
  out wall_ms double precision, out start_ms double precision, out granted boolean)
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('quota ' || of_account, 0));
  wall_ms := extract(epoch from clock_timestamp()) * 1000;
  select greatest(wall_ms, max(fits.at_ms)) into start_ms
  from json_to_recordset(wants) as w(q text, most int, n int, "window" bigint, span bigint, exact text)
  cross join lateral (
    -- From the last that becomes free to the first: the first that is too much has to be free.
    select case when w.n > w.most then 'infinity'::float8
      else max(used.free_ms) filter (where used.with_later > w.most - w.n) end as at_ms
    from (
      select u.free_ms, sum(u.used) over (order by u.free_ms desc) as with_later
      from (
        select q.used, case when w.exact is null then (q.span::bigint + 1) * w.span + w."window" else 'infinity'::float8 end
          as free_ms
        from quota_use q
        where q.account = of_account and q.quota = w.q and q.used > 0
          and q.span >= coalesce(w.exact, lpad(floor((wall_ms - w."window") / w.span - 1)::bigint::text, 14, '0'))
          and (w.exact is null or q.span = w.exact)
      ) u
      where u.free_ms > wall_ms
    ) used
  ) fits;
  granted := start_ms <= wall_ms + ahead_ms;
  if granted then
    insert into quota_use as mine (account, quota, span, used)
    select of_account, w.q, coalesce(w.exact, lpad(floor((wall_ms + hold_ms) / w.span)::bigint::text, 14, '0')), w.n
    from json_to_recordset(wants) as w(q text, n int, span bigint, exact text)
    order by w.q
    on conflict (account, quota, span) do update set used = mine.used + excluded.used;
  end if;
end $$;
