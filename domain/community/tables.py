"""What learners say to each other: posts, replies, likes, feedback, follows, solutions.

When a person is erased, a post or reply that others answered stays as an empty place: a trigger
takes its words away with its author.
"""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Id, Now, Stamp, Txt, at_least, between, length, one_of, ref
from domain.database import Base

HIDDEN = "num_nulls(hidden_at, hidden_reason) IN (0, 2)"


class ForumPost(Base):
    """One question or thought on a course or a component, in a community or everywhere."""

    __tablename__ = "forum_posts"
    __table_args__ = (
        length("title", 0, 200),
        length("body", 0, 4000),
        *at_least(0, "like_count", "reply_count"),
        CheckConstraint(HIDDEN, name="hidden"),
        Index("ix_forum_posts_newest", sql("id DESC"), postgresql_where=sql("deleted_at IS NULL")),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    community_id: Mapped[UUID | None] = ref("communities.id", "CASCADE")
    course_id: Mapped[UUID | None] = ref("courses.id", "CASCADE")
    component_id: Mapped[UUID | None] = ref("components.id", "CASCADE")
    thread_id: Mapped[Txt | None]
    title: Mapped[Txt]
    body: Mapped[Txt]
    like_count: Mapped[int] = mapped_column(server_default="0")
    reply_count: Mapped[int] = mapped_column(server_default="0")
    locked_at: Mapped[Stamp | None]
    hidden_at: Mapped[Stamp | None]
    hidden_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    hidden_reason: Mapped[Txt | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class ForumReply(Base):
    """One reply to a post, or to another reply of the same post."""

    __tablename__ = "forum_replies"
    __table_args__ = (
        length("body", 0, 4000),
        *at_least(0, "like_count"),
        CheckConstraint(HIDDEN, name="hidden"),
        CheckConstraint("parent_reply_id <> id", name="itself"),
        UniqueConstraint("id", "post_id", name="uq_forum_replies_id_post"),
        ForeignKeyConstraint(
            ["parent_reply_id", "post_id"],
            ["forum_replies.id", "forum_replies.post_id"],
            name="fk_forum_replies_parent",
            ondelete="CASCADE",
        ),
        Index("ix_forum_replies_parent", "parent_reply_id", "post_id"),
    )
    id: Mapped[Id]
    post_id: Mapped[UUID] = ref("forum_posts.id", "CASCADE")
    parent_reply_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None] = ref("users.id", "SET NULL")
    body: Mapped[Txt]
    like_count: Mapped[int] = mapped_column(server_default="0")
    hidden_at: Mapped[Stamp | None]
    hidden_by: Mapped[UUID | None] = ref("users.id", "SET NULL")
    hidden_reason: Mapped[Txt | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]


class ForumPostLike(Base):
    """One person found one post useful."""

    __tablename__ = "forum_post_likes"
    post_id: Mapped[UUID] = ref("forum_posts.id", "CASCADE", index=False, primary_key=True)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", primary_key=True)
    created_at: Mapped[Now]


class ForumReplyLike(Base):
    """One person found one reply useful."""

    __tablename__ = "forum_reply_likes"
    reply_id: Mapped[UUID] = ref("forum_replies.id", "CASCADE", index=False, primary_key=True)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", primary_key=True)
    created_at: Mapped[Now]


class CourseFeedback(Base):
    """One person's rating of one course, with their review."""

    __tablename__ = "course_feedback"
    __table_args__ = (
        between("rating", 1, 5),
        length("review", 0, 2000),
        *at_least(0, "upvote_count"),
        UniqueConstraint("user_id", "course_id", name="uq_course_feedback_user_course"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    course_id: Mapped[UUID] = ref("courses.id", "CASCADE")
    rating: Mapped[int] = mapped_column(SmallInteger)
    review: Mapped[Txt] = mapped_column(server_default="")
    upvote_count: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class FeedbackUpvote(Base):
    """One person agrees with one review."""

    __tablename__ = "feedback_upvotes"
    feedback_id: Mapped[UUID] = ref("course_feedback.id", "CASCADE", index=False, primary_key=True)
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", primary_key=True)
    created_at: Mapped[Now]


class Follow(Base):
    """One person follows another, who agreed to it."""

    __tablename__ = "follows"
    __table_args__ = (
        one_of("status", "asked", "accepted"),
        CheckConstraint("user_id <> followed_id", name="itself"),
    )
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False, primary_key=True)
    followed_id: Mapped[UUID] = ref("users.id", "CASCADE", primary_key=True)
    status: Mapped[Txt] = mapped_column(server_default="asked")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class SharedSolution(Base):
    """One solution that its author shows to those who have solved the challenge too.

    `attempt_id` names a row of a partitioned table, which no foreign key may hold in place.
    """

    __tablename__ = "shared_solutions"
    __table_args__ = (
        length("note", 0, 500),
        UniqueConstraint("user_id", "component_id", name="uq_shared_solutions_user_component"),
    )
    id: Mapped[Id]
    user_id: Mapped[UUID] = ref("users.id", "CASCADE", index=False)
    component_id: Mapped[UUID] = ref("challenges.component_id", "CASCADE")
    community_id: Mapped[UUID | None] = ref("communities.id", "CASCADE")
    attempt_id: Mapped[UUID]
    note: Mapped[Txt] = mapped_column(server_default="")
    created_at: Mapped[Now]
    deleted_at: Mapped[Stamp | None]
