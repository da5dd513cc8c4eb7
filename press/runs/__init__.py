"""One handout, or a whole list, from files to delivered pages.

Public: backup, check_cache, desk_delivery, desk_run, drawer, handout, hardening, last_list, learning, list_request,
list_run, marking, needs, new_folder, page_cache, paper, print_job, record_settings, restore, sign_variants,
signed_pages, signing, sweep, totals, update.
"""
