-- Posts, likes, feedback, follows, solutions.

CREATE TABLE follows (
    user_id UUID NOT NULL,
    followed_id UUID NOT NULL,
    status TEXT DEFAULT 'asked' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_follows PRIMARY KEY (user_id, followed_id),
    CONSTRAINT ck_follows_status CHECK (status IN ('asked', 'accepted')),
    CONSTRAINT ck_follows_itself CHECK (user_id <> followed_id),
    CONSTRAINT fk_follows_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_follows_followed_id FOREIGN KEY(followed_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_follows_followed_id ON follows (followed_id);

CREATE TABLE course_feedback (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    rating SMALLINT NOT NULL,
    review TEXT DEFAULT '' NOT NULL,
    upvote_count INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_course_feedback PRIMARY KEY (id),
    CONSTRAINT ck_course_feedback_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT ck_course_feedback_review CHECK (char_length(review) BETWEEN 0 AND 2000),
    CONSTRAINT ck_course_feedback_upvote_count CHECK (upvote_count >= 0),
    CONSTRAINT uq_course_feedback_user_course UNIQUE (user_id, course_id),
    CONSTRAINT fk_course_feedback_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_feedback_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE INDEX ix_course_feedback_course_id ON course_feedback (course_id);

CREATE TABLE feedback_upvotes (
    feedback_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_feedback_upvotes PRIMARY KEY (feedback_id, user_id),
    CONSTRAINT fk_feedback_upvotes_feedback_id FOREIGN KEY(feedback_id) REFERENCES course_feedback (id) ON DELETE CASCADE,
    CONSTRAINT fk_feedback_upvotes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_feedback_upvotes_user_id ON feedback_upvotes (user_id);

CREATE TABLE forum_posts (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID,
    community_id UUID,
    course_id UUID,
    component_id UUID,
    thread_id TEXT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    like_count INTEGER DEFAULT '0' NOT NULL,
    reply_count INTEGER DEFAULT '0' NOT NULL,
    locked_at TIMESTAMP WITH TIME ZONE,
    hidden_at TIMESTAMP WITH TIME ZONE,
    hidden_by UUID,
    hidden_reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_forum_posts PRIMARY KEY (id),
    CONSTRAINT ck_forum_posts_title CHECK (char_length(title) BETWEEN 0 AND 200),
    CONSTRAINT ck_forum_posts_body CHECK (char_length(body) BETWEEN 0 AND 4000),
    CONSTRAINT ck_forum_posts_like_count CHECK (like_count >= 0),
    CONSTRAINT ck_forum_posts_reply_count CHECK (reply_count >= 0),
    CONSTRAINT ck_forum_posts_hidden CHECK (num_nulls(hidden_at, hidden_reason) IN (0, 2)),
    CONSTRAINT fk_forum_posts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_forum_posts_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_posts_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_posts_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_posts_hidden_by FOREIGN KEY(hidden_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_forum_posts_community_id ON forum_posts (community_id);

CREATE INDEX ix_forum_posts_component_id ON forum_posts (component_id);

CREATE INDEX ix_forum_posts_course_id ON forum_posts (course_id);

CREATE INDEX ix_forum_posts_hidden_by ON forum_posts (hidden_by);

CREATE INDEX ix_forum_posts_newest ON forum_posts (id DESC) WHERE deleted_at IS NULL;

CREATE INDEX ix_forum_posts_user_id ON forum_posts (user_id);

CREATE TABLE forum_post_likes (
    post_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_forum_post_likes PRIMARY KEY (post_id, user_id),
    CONSTRAINT fk_forum_post_likes_post_id FOREIGN KEY(post_id) REFERENCES forum_posts (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_post_likes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_forum_post_likes_user_id ON forum_post_likes (user_id);

CREATE TABLE forum_replies (
    id UUID DEFAULT uuidv7() NOT NULL,
    post_id UUID NOT NULL,
    parent_reply_id UUID,
    user_id UUID,
    body TEXT NOT NULL,
    like_count INTEGER DEFAULT '0' NOT NULL,
    hidden_at TIMESTAMP WITH TIME ZONE,
    hidden_by UUID,
    hidden_reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_forum_replies PRIMARY KEY (id),
    CONSTRAINT ck_forum_replies_body CHECK (char_length(body) BETWEEN 0 AND 4000),
    CONSTRAINT ck_forum_replies_like_count CHECK (like_count >= 0),
    CONSTRAINT ck_forum_replies_hidden CHECK (num_nulls(hidden_at, hidden_reason) IN (0, 2)),
    CONSTRAINT ck_forum_replies_itself CHECK (parent_reply_id <> id),
    CONSTRAINT uq_forum_replies_id_post UNIQUE (id, post_id),
    CONSTRAINT fk_forum_replies_parent FOREIGN KEY(parent_reply_id, post_id) REFERENCES forum_replies (id, post_id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_replies_post_id FOREIGN KEY(post_id) REFERENCES forum_posts (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_replies_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_forum_replies_hidden_by FOREIGN KEY(hidden_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_forum_replies_hidden_by ON forum_replies (hidden_by);

CREATE INDEX ix_forum_replies_parent ON forum_replies (parent_reply_id, post_id);

CREATE INDEX ix_forum_replies_post_id ON forum_replies (post_id);

CREATE INDEX ix_forum_replies_user_id ON forum_replies (user_id);

CREATE TABLE shared_solutions (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    community_id UUID,
    attempt_id UUID NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_shared_solutions PRIMARY KEY (id),
    CONSTRAINT ck_shared_solutions_note CHECK (char_length(note) BETWEEN 0 AND 500),
    CONSTRAINT uq_shared_solutions_user_component UNIQUE (user_id, component_id),
    CONSTRAINT fk_shared_solutions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_shared_solutions_component_id FOREIGN KEY(component_id) REFERENCES challenges (component_id) ON DELETE CASCADE,
    CONSTRAINT fk_shared_solutions_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE
);

CREATE INDEX ix_shared_solutions_community_id ON shared_solutions (community_id);

CREATE INDEX ix_shared_solutions_component_id ON shared_solutions (component_id);

CREATE TABLE forum_reply_likes (
    reply_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_forum_reply_likes PRIMARY KEY (reply_id, user_id),
    CONSTRAINT fk_forum_reply_likes_reply_id FOREIGN KEY(reply_id) REFERENCES forum_replies (id) ON DELETE CASCADE,
    CONSTRAINT fk_forum_reply_likes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_forum_reply_likes_user_id ON forum_reply_likes (user_id);
