"""The screens 学习方式 and 设置."""
