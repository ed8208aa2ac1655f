CREATE TRIGGER set_updated_at BEFORE UPDATE ON live_rounds
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON live_chats
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON live_players
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
