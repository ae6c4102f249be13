"""One recording laid along another: how often is a window rightly, and how often wrongly, aligned?"""
