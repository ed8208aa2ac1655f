-- What a CHECK cannot say because it needs the old row or other rows.

-- Runs when the deletion of a person sets `user_id` to NULL: their words go with them.
CREATE FUNCTION forget_person() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_TABLE_NAME LIKE 'activity_log%' THEN
        NEW.activity_description := NULL;
        NEW.metadata := NULL;
        NEW.ip := NULL;
        NEW.user_agent := NULL;
    ELSE
        NEW.body := '';
        NEW.deleted_at := coalesce(NEW.deleted_at, now());
        IF TG_TABLE_NAME = 'forum_posts' THEN
            NEW.title := '';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER forget_person BEFORE UPDATE OF user_id ON forum_posts
    FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION forget_person();

CREATE TRIGGER forget_person BEFORE UPDATE OF user_id ON forum_replies
    FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION forget_person();

CREATE TRIGGER forget_person BEFORE UPDATE OF user_id ON activity_log
    FOR EACH ROW WHEN (NEW.user_id IS NULL) EXECUTE FUNCTION forget_person();

-- Keeps a count on the row that is liked, which belongs to somebody else. The arguments are the
-- liked table, the column that names it, and the count.
CREATE FUNCTION count_children() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format(
        'UPDATE public.%1$I SET %3$I = %3$I + $2 WHERE id = ($1).%2$I',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2])
    USING CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION count_children() FROM PUBLIC;

CREATE TRIGGER count_children AFTER INSERT OR DELETE ON forum_post_likes
    FOR EACH ROW EXECUTE FUNCTION count_children('forum_posts', 'post_id', 'like_count');

CREATE TRIGGER count_children AFTER INSERT OR DELETE ON forum_replies
    FOR EACH ROW EXECUTE FUNCTION count_children('forum_posts', 'post_id', 'reply_count');

CREATE TRIGGER count_children AFTER INSERT OR DELETE ON forum_reply_likes
    FOR EACH ROW EXECUTE FUNCTION count_children('forum_replies', 'reply_id', 'like_count');

CREATE TRIGGER count_children AFTER INSERT OR DELETE ON feedback_upvotes
    FOR EACH ROW EXECUTE FUNCTION count_children('course_feedback', 'feedback_id', 'upvote_count');
