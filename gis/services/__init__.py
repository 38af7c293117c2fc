"""One function per thing a user does: actor first, frozen request in, frozen result out."""
