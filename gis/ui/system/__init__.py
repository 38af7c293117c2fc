"""The screens 系统 and 我的账号."""
