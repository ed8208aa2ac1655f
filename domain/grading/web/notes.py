"""What went wrong with a page, in words a beginner understands; marked for translation."""

from domain.errors import N_

NOT_ON_PAGE = N_("The test looked for something that is not on your page ({reason}).")
SCRIPT_FAILED = N_("A script of your page stopped: {type}: {reason} ({place}).")
SCRIPT_RECURSION = N_(
    "A function called itself again and again until the browser gave up. It needs a case in which "
    "it answers without calling itself."
)
NEVER_HAPPENED = N_("The test waited for something that never happened.")
TAMPERED = N_(
    "Your code replaces `{name}`, which every page has, so this test cannot be trusted. Use "
    "another name."
)
TEST_BROKEN = N_("The test itself cannot be run: {reason}. That is not your mistake.")
