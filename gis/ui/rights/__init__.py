"""The screens 告知与权利 and 关爱."""
