"""One handout, or a whole list, from files to delivered pages.

Public: batch, check_cache, handout, hardening, list_run, merged_run, needs, page_cache, print_job, signing,
sweep, workers.
"""
